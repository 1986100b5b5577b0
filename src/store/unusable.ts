/** A database that this program cannot or must not use; the message says what to do. */
export class UnusableDatabase extends Error {}
