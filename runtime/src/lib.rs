//! Typed API clients whose sessions renew themselves.
