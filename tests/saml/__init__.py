"""SAML as a library: the gate, signatures, encryption, messages, bindings, metadata."""
