/** What AssemblyScript calls its numbers, for what TypeScript reads of the kernel. */
type bool = boolean;
type i32 = number;
type u32 = number;
type usize = number;
type f64 = number;
type v128 = never;
