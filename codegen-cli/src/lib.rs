//! Writes a typed, self-renewing API client from an OpenAPI document.
