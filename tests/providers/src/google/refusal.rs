//! Errors as Google's APIs give them: <https://cloud.google.com/apis/design/errors>.

use serde_json::{Value, json};

/// Why a call is refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub code: u16,
    /// The canonical code.
    pub status: &'static str,
    /// What a person reads.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: u16, status: &'static str, message: &str) -> Self {
        let message = message.to_owned();
        Self {
            code,
            status,
            message,
        }
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::new(404, "NOT_FOUND", message)
    }

    pub(super) fn exists(what: &str) -> Self {
        Self::new(409, "ALREADY_EXISTS", &format!("{what} already exists"))
    }

    pub(super) fn invalid(message: &str) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    pub(super) fn precondition(message: &str) -> Self {
        Self::new(400, "FAILED_PRECONDITION", message)
    }

    pub(super) fn unimplemented(method: &str) -> Self {
        let message = format!("this cloud does not have {method}");
        Self::new(501, "UNIMPLEMENTED", &message)
    }

    /// The body of the answer. The list is what older clients read.
    pub(super) fn body(&self) -> Value {
        let reason = match self.status {
            "NOT_FOUND" => "notFound",
            "ALREADY_EXISTS" => "alreadyExists",
            "FAILED_PRECONDITION" => "failedPrecondition",
            "PERMISSION_DENIED" => "forbidden",
            _ => "badRequest",
        };
        json!({"error": {
            "code": self.code,
            "status": self.status,
            "message": self.message,
            "errors": [{"message": self.message, "domain": "global", "reason": reason}],
        }})
    }
}
