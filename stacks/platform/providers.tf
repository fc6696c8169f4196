# The cluster's address comes from a variable, never from a resource of the same run. The token is made by the AWS CLI for each run,
# with the credentials of whoever runs it, and is kept nowhere.
provider "helm" {
  kubernetes = {
    host                   = var.cluster_access == null ? var.cloud.cluster.endpoint : var.cluster_access.host
    tls_server_name        = one(var.cluster_access[*].tls_server_name)
    cluster_ca_certificate = base64decode(var.cloud.cluster.certificate_authority_data)

    exec = {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", var.cloud.cluster.name, "--region", var.cloud.region]
    }
  }
}
