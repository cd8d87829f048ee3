// What loading finds wrong, collected over all files so that a person can mend everything at once.

export interface Findings {
  readonly warnings: readonly string[];
  /** `path` is a JSON pointer into the file; '' for the file as a whole. */
  fault(file: string, path: string, message: string): void;
  warn(file: string, message: string): void;
  /** @throws DocTypeFilesError when there was any fault */
  settle(): void;
}

/** Every fault of every DocType file, one line each: `file: path: fault`. */
export class DocTypeFilesError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      [`${faults.length === 1 ? 'A DocType file is' : 'DocType files are'} broken:`, ...faults].join('\n'),
    );
    this.name = 'DocTypeFilesError';
    this.faults = faults;
  }
}

export function createFindings(): Findings {
  // Sets: one cause may be met on several ways through a file.
  const faults = new Set<string>();
  const warnings = new Set<string>();
  return {
    get warnings() {
      return [...warnings];
    },
    fault(file, path, message) {
      faults.add(path === '' ? `${file}: ${message}` : `${file}: ${path}: ${message}`);
    },
    warn(file, message) {
      warnings.add(`${file}: ${message}`);
    },
    settle() {
      if (faults.size > 0) throw new DocTypeFilesError([...faults]);
    },
  };
}
