"""The one account, set before moto is imported."""

import os

ACCOUNT = "111122223333"

os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
# Roles name the policies that AWS keeps.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
