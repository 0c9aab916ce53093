output "credentials" {
  description = "For each controller's namespace, where to exchange its token. Public data; bootstrap/up.sh reads it."
  value = {
    for namespace, account in google_service_account.this : namespace => jsonencode({
      type                              = "external_account"
      audience                          = "//iam.googleapis.com/${google_iam_workload_identity_pool_provider.management.name}"
      subject_token_type                = "urn:ietf:params:oauth:token-type:jwt"
      token_url                         = "https://sts.googleapis.com/v1/token"
      service_account_impersonation_url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account.email}:generateAccessToken"
      credential_source = {
        file = "/var/run/gcp/token"
      }
    })
  }
}

output "argocd_principal" {
  description = "For argocd.gcp.principal in the Composition's Input."
  value       = google_service_account.this["argocd"].member
}
