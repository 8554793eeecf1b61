//! Holds the compile-fail cases of the attribute and the derives.
