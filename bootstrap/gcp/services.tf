# What a fresh project lacks. Terraform reads each service's state through the first two, so they come first.
resource "google_project_service" "first" {
  for_each = toset(["cloudresourcemanager", "serviceusage"])

  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

# For service accounts, their tokens, the exchange of the management cluster's tokens, and the secrets.
resource "google_project_service" "needed" {
  for_each = toset(["iam", "iamcredentials", "secretmanager", "sts"])

  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false

  depends_on = [google_project_service.first]
}

moved {
  from = google_project_service.secretmanager
  to   = google_project_service.needed["secretmanager"]
}
