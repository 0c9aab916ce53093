# Google takes tokens of three service accounts of the management cluster for three of its own. No key exists.
resource "google_iam_workload_identity_pool" "management" {
  workload_identity_pool_id = "xcluster-management"
  display_name              = "Management cluster"

  depends_on = [google_project_service.needed]
}

resource "google_iam_workload_identity_pool_provider" "management" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.management.workload_identity_pool_id
  workload_identity_pool_provider_id = "kubernetes"

  attribute_mapping = {
    "google.subject" = "assertion.sub"
  }

  oidc {
    issuer_uri = var.issuer
    # The audience of the projected tokens in bootstrap/crossplane/runtime.yaml and the values of the charts.
    allowed_audiences = ["xcluster.dev/gcp"]
  }
}

locals {
  identities = {
    crossplane-system = {
      account  = "xcluster-crossplane"
      subjects = ["provider-gcp"]
      # docs/compatibility.md says what they are for.
      roles = [
        "roles/container.admin",
        "roles/compute.networkAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountUser",
        "roles/resourcemanager.projectIamAdmin",
        "roles/serviceusage.serviceUsageAdmin",
        "roles/cloudkms.admin",
      ]
    }
    argocd = {
      account  = "argocd"
      subjects = ["argocd-application-controller", "argocd-server"]
      # The function grants it access to each cluster that it makes.
      roles = []
    }
    external-secrets = {
      account  = "external-secrets"
      subjects = ["external-secrets"]
      # Writes what argocd/management/push names; see the condition below.
      roles = []
    }
  }

  subjects = merge([
    for namespace, identity in local.identities : {
      for name in identity.subjects : "${namespace}:${name}" => namespace
    }
  ]...)

  grants = merge([
    for namespace, identity in local.identities : {
      for role in identity.roles : "${namespace} ${role}" => { namespace = namespace, role = role }
    }
  ]...)
}

resource "google_service_account" "this" {
  for_each = local.identities

  account_id   = each.value.account
  display_name = "${each.key} on the management cluster"

  depends_on = [google_project_service.needed]
}

resource "google_service_account_iam_member" "federated" {
  for_each = local.subjects

  service_account_id = google_service_account.this[each.value].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.management.name}/subject/system:serviceaccount:${each.key}"
}

resource "google_project_iam_member" "this" {
  for_each = local.grants

  project = var.project
  role    = each.value.role
  member  = google_service_account.this[each.value.namespace].member
}
