"""The peers that run apart: oidc-provider on Node, pysaml2 in an environment of its own."""
