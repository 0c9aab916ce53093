"""The least that a function written with the Python SDK does for the same answer.

It holds the composed objects ready-made. A call copies them, patches one field from the XR into each, and says that
those are ready whose Ready condition is true. It plans, checks and reports nothing, so it does less than the function
that it is compared with.
"""

import argparse
import pathlib

import crossplane.function.proto.v1.run_function_pb2 as fnv1
import crossplane.function.proto.v1.run_function_pb2_grpc as grpcv1
import grpc.aio
from crossplane.function import resource, response, runtime

# The driver's name for it is peers::PATCHED.
PATCHED = "bench/environment"


class Function(grpcv1.FunctionRunnerServiceServicer):
    """Copy, patch, ready."""

    def __init__(self, objects: fnv1.State) -> None:
        self.objects = objects.resources

    async def RunFunction(  # noqa: N802, the name is the protocol's
        self, req: fnv1.RunFunctionRequest, _: grpc.aio.ServicerContext
    ) -> fnv1.RunFunctionResponse:
        environment = req.observed.composite.resource["spec"]["environment"]
        rsp = response.to(req)
        for key, wanted in self.objects.items():
            desired = rsp.desired.resources[key]
            desired.resource.CopyFrom(wanted.resource)
            metadata = desired.resource.get_or_create_struct("metadata")
            metadata.get_or_create_struct("labels")[PATCHED] = environment
            observed = req.observed.resources.get(key)
            if resource.get_condition(observed, "Ready").status == "True":
                desired.ready = fnv1.READY_TRUE
        return rsp


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True)
    parser.add_argument("objects", type=pathlib.Path, help="the composed objects: an encoded State")
    arguments = parser.parse_args()
    objects = fnv1.State.FromString(arguments.objects.read_bytes())
    runtime.serve(Function(objects), arguments.address, creds=None, insecure=True)


if __name__ == "__main__":
    main()
