// Headings of `assay --help`, under which it lists the commands.
export const START = 'To begin:';
export const UNDERSTAND = 'To understand:';
export const RUN = 'To run:';
export const CARE = 'To care for the store:';
