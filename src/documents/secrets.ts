// Keeps the values of Password fields out of the documents. Encryption is given by the composition root.

export interface Secrets {
  /** Reversible, for values that the service must use again (SMTP password …). */
  seal(plain: string): string;
  open(sealed: string): string;
}
