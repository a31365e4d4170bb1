/** Products of one order that are kept, as at the doors of orders. */
export const CONTENTS_MAX = 200;
