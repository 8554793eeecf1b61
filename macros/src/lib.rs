//! Entry points of the attribute and the derives.
