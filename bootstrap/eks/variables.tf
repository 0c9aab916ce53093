variable "name" {
  description = "Name of the management cluster and of what belongs to it."
  type        = string
  default     = "management"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}$", var.name))
    error_message = "Lower-case letters, digits and hyphens, at most 30, beginning with a letter."
  }
}

variable "region" {
  description = "Region of the management cluster. Workload clusters may be in any."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region such as eu-central-1."
  }
}

variable "kubernetes_version" {
  description = "Minor version of EKS. A cluster that exists takes one minor at a time: 1.34, then 1.35, then 1.36."
  type        = string
  # renovate: datasource=endoflife-date depName=amazon-eks versioning=loose
  default = "1.36"

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "A minor version such as 1.36."
  }
}

variable "deletion_protection" {
  description = "Whether EKS refuses to delete the management cluster. Apply false before you destroy it."
  type        = bool
  default     = true
}

variable "cidr" {
  description = "Range of the VPC. It must not overlap those of workload clusters that are peered with it."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "An IPv4 range of at least /20."
  }
}

variable "allowed_cidrs" {
  description = "From where the API server can be reached besides from inside the VPC: the office, the CI runners."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && !contains(var.allowed_cidrs, "0.0.0.0/0")
    error_message = "At least one range, and not the whole internet."
  }
}

variable "platform_principals" {
  description = "IAM principals whose people are in the group platform-team (bootstrap/people.yaml)."
  type        = list(string)
  default     = []
}

variable "author_principals" {
  description = "IAM principals whose people are in the group ml-authors (bootstrap/people.yaml)."
  type        = list(string)
  default     = []
}

variable "administrators" {
  description = "IAM principals that may do everything in the management cluster, such as the one that runs bootstrap/up.sh."
  type        = list(string)

  validation {
    condition     = length(var.administrators) > 0
    error_message = "At least one: nobody else could run bootstrap/up.sh."
  }
}

variable "instance_types" {
  description = "Of the nodes."
  type        = list(string)
  default     = ["m7i.large", "m6i.large"]
}
