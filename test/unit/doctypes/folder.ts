// Temporary folders of DocType files for the tests of this folder.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedDocTypes, loadDocTypes } from '../../../src/doctypes/load.ts';
import type { Meta } from '../../../src/doctypes/meta.ts';

export const CORE = path.resolve(import.meta.dirname, '../../../doctypes/core');

/** Makes a folder with files: objects become JSON. It is removed when the test ends. */
export async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'doctypes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

export const loadFiles = async (files: Readonly<Record<string, unknown>>): Promise<LoadedDocTypes> =>
  loadDocTypes({ core: CORE, paths: [await folderOf(files)] });

/** The faults loading reports, without the name of the temporary folder. */
export async function faultsOf(files: Readonly<Record<string, unknown>>): Promise<string[]> {
  const folder = await folderOf(files);
  try {
    await loadDocTypes({ core: CORE, paths: [folder] });
  } catch (error) {
    if (error instanceof Error && 'faults' in error && Array.isArray(error.faults)) {
      return error.faults.map((fault) => String(fault).replaceAll(`${folder}/`, ''));
    }
    throw error;
  }
  return [];
}

export interface FieldProperties {
  readonly fieldname: string;
  readonly fieldtype: string;
  readonly [property: string]: unknown;
}

/** A DocType in Frappe's dialect. */
export const doctype = (
  name: string,
  fields: readonly FieldProperties[] = [{ fieldname: 'title', fieldtype: 'Data' }],
  properties: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  doctype: 'DocType',
  name,
  fields,
  permissions: [],
  ...properties,
});

/** The one DocType of a file. */
export async function load(file: Readonly<Record<string, unknown>>, name = 'Thing'): Promise<Meta> {
  const { registry } = await loadFiles({ 'thing.json': file });
  return registry.get(name);
}
