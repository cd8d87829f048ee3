// Finds the controller modules beside DocType files. It tells them from the scripts that Frappe apps keep in the same
// place for the browser; importing them is app.ts.
import { readFile } from 'node:fs/promises';
import type { Findings } from './findings.ts';
import type { FoundFile } from './files.ts';

/** The module to import for the DocTypes of `file`, if there is one. */
export async function controllerBeside(
  file: FoundFile,
  doctypes: readonly string[],
  findings: Findings,
): Promise<string | undefined> {
  const modules: string[] = [];
  for (const module of file.modules) {
    if (await isController(module)) modules.push(module);
    else findings.warn(module, 'exports nothing; not taken as a controller');
  }
  const [first, ...others] = modules;
  if (first === undefined) return undefined;
  if (doctypes.length !== 1) {
    findings.warn(first, `not taken as a controller: ${file.path} holds ${doctypes.length} DocTypes`);
    return undefined;
  }
  if (others.length > 0) findings.warn(first, `taken as the controller instead of ${others.join(', ')}`);
  return first;
}

/** Scripts for the browser call `frappe.ui.form.on(…)` and export nothing. */
const isController = async (module: string): Promise<boolean> =>
  /\bexports?\b/.test(await readFile(module, 'utf8'));
