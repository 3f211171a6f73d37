//! 打印 The program as text.
