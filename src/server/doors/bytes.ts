/** The largest bodies that the doors read. */
export const BROWSER_BYTES_MAX = 256 * 1024;
export const SERVER_BYTES_MAX = 2 * 1024 * 1024;
/** of an order, and of a lead */
export const ORDER_BYTES_MAX = 128 * 1024;
export const HOOK_BYTES_MAX = 512 * 1024;
export const CARRY_BYTES_MAX = 4 * 1024;
