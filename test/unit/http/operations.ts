// The operations that tests of the HTTP layer stand in for; stand-in.ts puts them in place of the real ones.
import { vi } from 'vitest';
import type { Call } from '../../../src/documents/call.ts';
import type { ListResult, WireDoc } from '../../../src/documents/requests.ts';

type Operation<T> = (
  call: Call,
  request: { readonly name?: string | number; readonly values?: object },
) => Promise<T>;

export const operations = {
  getDoc: vi.fn<Operation<WireDoc>>(),
  listDocs: vi.fn<Operation<ListResult>>(),
  insertDoc: vi.fn<Operation<WireDoc>>(),
  updateDoc: vi.fn<Operation<WireDoc>>(),
  removeDoc: vi.fn<Operation<void>>(),
  renameDoc: vi.fn<Operation<string>>(),
};

/** What an operation was asked for last. */
export const lastCall = (mock: { mock: { calls: unknown[][] } }): unknown => mock.mock.calls.at(-1)?.[1];

/** Forgets what a test arranged. */
export function resetOperations(): void {
  vi.resetAllMocks();
  operations.getDoc.mockImplementation(async (_call, { name = '' }) => ({
    name,
    doctype: 'ToDo',
    empty: null,
  }));
  operations.listDocs.mockResolvedValue({ columns: ['name'], rows: [{ name: 'a' }], debug: [] });
  operations.insertDoc.mockImplementation(async (_call, { values }) => ({ name: 'new', ...values }));
  operations.updateDoc.mockImplementation(async (_call, { name = '', values }) => ({ ...values, name }));
}
