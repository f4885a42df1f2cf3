// Small things every page uses.
export {};
