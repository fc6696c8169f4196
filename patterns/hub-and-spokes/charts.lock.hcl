# The archives of Helm charts that this deployment was planned with. Commit it with the settings.

chart "coder" {
  version = "2.35.1"
  sha256  = "d3c38405c0ef6f73a22844ad6d0c0ba5344208912de8ab2ad122e612f5823489"
}

chart "coder-provisioner" {
  version = "2.35.1"
  sha256  = "dd562b9e49d4069d6384a890adc28739476f6eedd1cae3fd63a9de9ec7f60bd4"
}
