//! Brings every dialect to one, which is OpenAPI 3.1's, by rewriting nodes.
