"""Electronic documents: zones, objects, signatures, chips, each refusal before what is accepted."""
