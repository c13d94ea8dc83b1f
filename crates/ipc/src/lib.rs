//! Everything the window and the command line may say or hear.
