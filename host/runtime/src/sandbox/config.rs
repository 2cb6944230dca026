//! wasmtime's configuration: which features a guest may use and what an instance may hold.

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

/// The largest linear memory of one instance, whatever its endpoint allows: 256 MiB.
const MAX_MEMORY: usize = 256 << 20;
/// Bytes of a slot's memory that stay resident when it is given back: making an instance in a warm slot then costs
/// a third of a cold one.
const KEEP_RESIDENT: usize = 512 << 10;
/// Stack of the language engine's recursion, in bytes. The guest's own stack is inside its linear memory.
const WASM_STACK: usize = 2 << 20;

/// Pooled, copy-on-write instances, interrupted by epochs. Features that no guest of ours needs are off, so that an
/// upgrade of wasmtime does not turn one on for plugins.
pub(crate) fn config(instances: u32) -> Config {
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .gc_support(false)
        .epoch_interruption(true)
        .memory_init_cow(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_tail_call(false)
        .wasm_backtrace_max_frames(None)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(WASM_STACK + (1 << 20));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(4))
        .total_memories(instances)
        .total_tables(instances.saturating_mul(2))
        .total_stacks(instances)
        .max_memory_size(MAX_MEMORY)
        .max_core_instances_per_component(8)
        .max_memories_per_component(1)
        .max_tables_per_component(4)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(64 << 10)
        // Where the kernel has it (Linux 6.7), resetting a slot touches only the pages that were written.
        .pagemap_scan(Enabled::Auto);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
