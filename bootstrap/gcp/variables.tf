variable "project" {
  description = "The project whose clusters the platform makes."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "The id of a project, not its name or number."
  }
}

variable "issuer" {
  description = "OIDC issuer of the management cluster: the output oidc_issuer of bootstrap/eks."
  type        = string

  validation {
    condition     = startswith(var.issuer, "https://")
    error_message = "An https address that Google can read."
  }
}
