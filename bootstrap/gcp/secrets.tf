# The secrets that argocd/management/push names: the management cluster writes them. Who reads them is granted with the
# first cluster, in argocd/management/gcp.
locals {
  pushed_secrets = "resource.name.startsWith(\"projects/${data.google_project.this.number}/secrets/inference-\")"
}

# Making a secret is a right on the project, so no condition on the secret's name can hold for it.
resource "google_project_iam_custom_role" "secret_creator" {
  role_id     = "xclusterSecretCreator"
  title       = "Creator of secrets"
  permissions = ["secretmanager.secrets.create"]

  depends_on = [google_project_service.needed]
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
