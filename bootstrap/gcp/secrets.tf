# The secrets that argocd/push names: the management cluster writes them, External Secrets on every GKE cluster of the
# project reads them.
resource "google_project_service" "secretmanager" {
  service            = "secretmanager.googleapis.com"
  disable_on_destroy = false
}

locals {
  pushed_secrets = "resource.name.startsWith(\"projects/${data.google_project.this.number}/secrets/inference-\")"
}

# Making a secret is a right on the project, so no condition on the secret's name can hold for it.
resource "google_project_iam_custom_role" "secret_creator" {
  role_id     = "xclusterSecretCreator"
  title       = "Creator of secrets"
  permissions = ["secretmanager.secrets.create"]
}

resource "google_project_iam_member" "secret_creator" {
  project = var.project
  role    = google_project_iam_custom_role.secret_creator.id
  member  = google_service_account.this["external-secrets"].member
}

resource "google_project_iam_member" "secrets_writer" {
  project = var.project
  role    = "roles/secretmanager.admin"
  member  = google_service_account.this["external-secrets"].member

  condition {
    title      = "pushed-secrets"
    expression = local.pushed_secrets
  }
}

# By namespace and name: clusters of one project share one pool of identities, so this is granted once.
resource "google_project_iam_member" "secrets_reader" {
  project = var.project
  role    = "roles/secretmanager.secretAccessor"
  member  = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog/subject/ns/external-secrets/sa/external-secrets"

  condition {
    title      = "pushed-secrets"
    expression = local.pushed_secrets
  }
}
