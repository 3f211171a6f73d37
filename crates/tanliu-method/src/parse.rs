//! 语法分析 From the text of `tan` blocks to declarations; never fails.
