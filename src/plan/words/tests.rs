use super::*;

#[test]
fn one_step_and_the_clouds_words_are_left() {
    let refused = "api error InvalidParameterValue: Value (us-east-1b) is invalid.";
    let rows = [
        (
            format!(
                "create failed: async create failed: failed to create the resource: [{{0 creating EC2 Subnet: {refused}  []}}]"
            ),
            format!("create failed: creating EC2 Subnet: {refused}"),
        ),
        // The same failure in the condition LastAsyncOperation.
        (
            format!("async create failed: failed to create the resource: [{{0 creating EC2 Subnet: {refused}  []}}]"),
            format!("create failed: creating EC2 Subnet: {refused}"),
        ),
        (
            "observe failed: cannot run refresh: failed to observe the resource: [{0 reading EKS Cluster (a): no such host  []}]"
                .to_owned(),
            "observe failed: reading EKS Cluster (a): no such host".to_owned(),
        ),
        // Several, with a detail, a warning and a path.
        (
            "async update failed: failed to update the resource: [{0 first more []} {1 second  [{{} tags}]}]".to_owned(),
            "update failed: first more; second".to_owned(),
        ),
        (
            "connect failed: cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: \
             cannot get referenced Provider: x"
                .to_owned(),
            "connect failed: cannot get referenced Provider: x".to_owned(),
        ),
        // The framework's diagnostics, a line each.
        (
            "create failed: resource creation call returned error diags\ncreating Record: no: rules[0]".to_owned(),
            "create failed: creating Record: no: rules[0]".to_owned(),
        ),
        ("plain [{0 words".to_owned(), "plain [{0 words".to_owned()),
        (String::new(), String::new()),
    ];
    for (message, expected) in rows {
        assert_eq!(stable(&message), expected, "{message}");
    }
}

#[test]
fn googles_details_are_left_out_but_for_their_reasons() {
    let message = "googleapi: Error 403: no\nDetails:\n[\n {\"@type\": \"t/google.rpc.ErrorInfo\", \"reason\": \"SERVICE_DISABLED\"},\n \
                   {\"@type\": \"t/google.rpc.RequestInfo\", \"requestId\": \"0x49b9d3b73e2c5556\"}\n]\n, forbidden";
    assert_eq!(
        stable(message),
        "googleapi: Error 403: no (SERVICE_DISABLED), forbidden"
    );
    let broken = "googleapi: Error 403: no Details: [ {\"requestId\": \"0x49b9d3b73e2c5556\"";
    assert_eq!(
        stable(broken),
        "googleapi: Error 403: no Details: [ {\"requestId\": \"…\""
    );
}

#[test]
fn a_long_message_keeps_its_cause() {
    let noise = "wörter und mehr ".repeat(200);
    let cause = "api error InvalidParameterValue: the decisive words ä";
    let rows = [
        // The cause stands at the end.
        format!("create failed: creating X: {noise}{cause}"),
        // Nothing tells where it begins.
        format!("create failed: creating X: {noise}the decisive words ä"),
        // It is longer than all there is room for.
        format!("create failed: creating X: {noise}{cause} {noise}"),
    ];
    for message in rows {
        let found = stable(&message);
        assert!(found.len() <= LONGEST, "{}", found.len());
        assert!(found.len() > LONGEST - 100, "{}", found.len());
        assert!(found.starts_with("create failed: creating X: "), "{found}");
        assert!(found.contains("the decisive words ä"), "{found}");
        // Words are whole.
        for word in found.split(' ').filter(|word| !word.contains('…')) {
            assert!(
                message.contains(&format!("{word} ")) || message.ends_with(word),
                "{word} in {found}"
            );
        }
    }
    let cause_first = stable(&format!("a {} {cause} {noise}", "x ".repeat(600)));
    assert!(
        cause_first.contains(&format!("… {cause} ")),
        "{cause_first}"
    );
    let named = format!("a {}InvalidRequestException: {noise}", "x ".repeat(600));
    let found = stable(&named);
    assert!(found.contains(" … InvalidRequestException: "), "{found}");
    let enough = "x".repeat(LONGEST);
    assert_eq!(stable(&enough), enough);
}

#[test]
fn a_long_word_is_cut_at_a_character() {
    for word in ["ü", "…", "🦀", "x"] {
        let found = stable(&format!("a{}", word.repeat(3000)));
        assert!(found.len() <= LONGEST, "{}", found.len());
        assert!(found.starts_with('a') && found.ends_with(word), "{found}");
    }
}
