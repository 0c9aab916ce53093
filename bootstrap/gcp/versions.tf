# State: a bucket with versions, as for bootstrap/eks. It holds no key.
#
#   terraform -chdir=bootstrap/gcp init -backend-config=bucket=BUCKET
terraform {
  required_version = ">= 1.10"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.0"
    }
  }

  backend "gcs" {
    prefix = "function-xcluster/federation"
  }
}

provider "google" {
  project = var.project
}

data "google_project" "this" {
  depends_on = [google_project_service.first]
}
