"""The register: how every duty to report and every task of every owner stands, and the rates they make."""
