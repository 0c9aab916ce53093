# State: a bucket that is versioned and encrypted, in an account that few people reach. It holds no key, but what it
# names decides who may do what.
#
#   terraform -chdir=bootstrap/eks init -backend-config=bucket=BUCKET -backend-config=region=REGION
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first with deletion_protection.
      version = "~> 6.9"
    }
  }

  backend "s3" {
    key          = "function-xcluster/management/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      "xcluster.dev/management" = var.name
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
}
