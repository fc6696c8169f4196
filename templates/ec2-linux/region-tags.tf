# The provisioners of a region other than the hub's take what has the tag region and its code, and nothing else. Those of the hub have no
# tags, and coderd gives them what has none: that it belongs to the organization, as every build does, is no tag. An empty one would be.
#
# `coderaws templates push` leaves this file out where there is no choice: a coderd that looks for tags in the text of a template, as
# 2.24 does, cannot read this one.
data "coder_workspace_tags" "region" {
  tags = {
    (local.away == 1 ? "region" : "scope") = local.away == 1 ? local.region : "organization"
  }
}
