output "update_kubeconfig" {
  description = "Adds a context for the management cluster; its name is then CONTEXT for bootstrap/up.sh."
  value       = "aws eks update-kubeconfig --region ${var.region} --name ${aws_eks_cluster.this.name} --alias ${var.name}"
}

output "account" {
  description = "For accounts.default.aws in the Composition's Input."
  value       = local.account
}

output "argocd_principal" {
  description = "For argocd.aws.principalArn in the Composition's Input."
  value       = aws_iam_role.pod["argocd"].arn
}

output "way_out" {
  description = "For allowedCidrs in the Composition's Input: from here Argo CD reaches other clusters."
  value       = "${aws_eip.nat.public_ip}/32"
}

output "oidc_issuer" {
  description = "For the variable issuer of bootstrap/gcp."
  value       = aws_eks_cluster.this.identity[0].oidc[0].issuer
}
