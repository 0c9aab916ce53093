"""Inference over HTTP with an ONNX model, the same on every cloud."""
