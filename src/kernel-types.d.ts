/** What AssemblyScript calls its numbers, for the files of the kernel that TypeScript reads too. */
type i32 = number;
type u32 = number;
type usize = number;
type f64 = number;
