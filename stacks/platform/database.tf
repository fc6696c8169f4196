locals {
  # Who signs the certificates of databases in this region: the three authorities of RDS there, which no image has among those that it
  # trusts. Their files are named for the region, and `make facts-rds-authorities` makes them again.
  known_database_authorities = "${path.module}/rds-authorities/${var.cloud.region}.pem"
  database_authorities = (
    var.database_authorities != null ? var.database_authorities :
    fileexists(local.known_database_authorities) ? file(local.known_database_authorities) : null
  )

  # With the authorities, the certificate has to be of RDS and of this very host. Without, the connection is encrypted, and whoever
  # answers is believed.
  database_tls = local.database_authorities == null ? "require" : "verify-full"

  mounts_authorities = local.database_authorities != null && !local.spoke
}

check "database_authorities" {
  assert {
    condition     = local.database_tls == "verify-full" || local.spoke
    error_message = "The certificate authorities of RDS in ${var.cloud.region} are not known here, so that coderd encrypts its connection to the database and cannot tell who answers. Write what https://truststore.pki.rds.amazonaws.com/${var.cloud.region}/${var.cloud.region}-bundle.pem holds into database_authorities."
  }
}
