// DocType files → registry: finds, reads, converts, merges, checks, compiles. All faults are thrown together.
import { readFile } from 'node:fs/promises';
import { type Ajv2020, createAjv } from '../validation/ajv.ts';
import { checkDefinition } from './check.ts';
import { compileDocType } from './compile.ts';
import { completed } from './complete.ts';
import { controllerBeside } from './controllers.ts';
import { type Definition, definitionCheck } from './definition.ts';
import { type FileContents, readContents, type SchemaFile } from './dialect.ts';
import { findJsonFiles, type FoundFile, NoSuchFolder, type Visited } from './files.ts';
import { createFindings, type Findings } from './findings.ts';
import { checkSchema } from './json-schema/check.ts';
import { convertSchema, type ResolveRef } from './json-schema/convert.ts';
import { createResolver } from './json-schema/targets.ts';
import { parseJsonText } from './json-text.ts';
import { byName, mergeCore } from './merge.ts';
import type { Meta } from './meta.ts';
import { objects, text } from './properties.ts';
import { createRegistry, type Registry } from './registry.ts';

export interface LoadOptions {
  /** Folder of the DocTypes that the service itself needs. */
  readonly core: string;
  /** Folders of users' DocTypes, scanned recursively. One that does not exist is warned of. */
  readonly paths: readonly string[];
  /** Zone into which datetimes that carry an offset are moved; UTC when absent. */
  readonly timeZone?: string;
}

export interface LoadedDocTypes {
  readonly registry: Registry;
  /** DocType → the module beside its file that holds its hooks. */
  readonly controllerFiles: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** Files that held DocTypes. */
  readonly files: number;
}

/** @throws DocTypeFilesError naming every fault of every file */
export async function loadDocTypes({ core, paths, timeZone = 'UTC' }: LoadOptions): Promise<LoadedDocTypes> {
  const findings = createFindings();
  const ajv = createAjv();
  const visited: Visited = new Set();
  const shipped = await readFolder(core, visited, findings);
  const owned: ReadFile[] = [];
  for (const folder of paths) owned.push(...(await readFolder(folder, visited, findings)));

  const files = [...shipped, ...owned];
  const resolve = createResolver(files.map((file) => file.contents));
  const read = (of: readonly ReadFile[]): Map<string, Definition> =>
    byName(
      of.flatMap((file) => definitionsOf(file.contents, { ajv, findings, resolve })),
      findings,
    );
  const merged = mergeCore(read(shipped), read(owned), findings);
  const definitions = new Map([...merged].map(([name, definition]) => [name, completed(definition)]));
  for (const definition of definitions.values()) checkDefinition(definition, definitions, findings);
  findings.settle();

  warnOfMissingLinks(definitions, findings);
  const metas = new Map<string, Meta>();
  const context = { ajv, timeZone, find: (doctype: string) => metas.get(doctype) };
  for (const definition of definitions.values()) {
    metas.set(definition.name, compileDocType(definition, context));
  }
  const withDocTypes = files.filter(({ names }) => names.length > 0);
  return {
    registry: createRegistry([...metas.values()]),
    controllerFiles: await controllersOf(withDocTypes, findings),
    warnings: findings.warnings,
    files: withDocTypes.length,
  };
}

interface ReadFile {
  readonly file: FoundFile;
  readonly contents: FileContents;
  /** DocTypes that the file is about. */
  readonly names: readonly string[];
}

async function readFolder(folder: string, visited: Visited, findings: Findings): Promise<ReadFile[]> {
  let files: FoundFile[];
  try {
    files = await findJsonFiles(folder, visited);
  } catch (error) {
    if (!(error instanceof NoSuchFolder)) throw error;
    findings.warn(folder, 'there is no such folder');
    return [];
  }
  const read: ReadFile[] = [];
  for (const file of files) {
    const parsed = parseJsonText(await readFile(file.path, 'utf8'));
    if ('fault' in parsed) {
      findings.fault(file.path, '', parsed.fault);
      continue;
    }
    const contents = readContents(file.path, parsed.value, findings);
    const names = [
      ...contents.definitions.map(({ name }) => name),
      ...contents.schemas.map(({ title }) => title),
    ];
    read.push({ file, contents, names });
  }
  return read;
}

interface Reading {
  readonly ajv: Ajv2020;
  readonly findings: Findings;
  readonly resolve: ResolveRef;
}

/** Definitions of the right shape; the others are faults. */
function definitionsOf({ definitions, schemas }: FileContents, reading: Reading): Definition[] {
  const { ajv, findings } = reading;
  const converted = schemas.flatMap((schema) => fromSchema(schema, reading));
  const check = shapeCheckOf(ajv);
  return [...definitions, ...converted].filter((definition) => {
    const faults = check(definition.raw);
    for (const { path, message } of faults) {
      const [key, index, ...rest] = path;
      const place =
        key === 'fields' && index !== undefined
          ? [definition.fieldAt(Number(index)), ...rest]
          : [definition.at, ...path];
      findings.fault(definition.file, place.join('/'), message);
    }
    return faults.length === 0;
  });
}

const shapeChecks = new WeakMap<Ajv2020, ReturnType<typeof definitionCheck>>();

function shapeCheckOf(ajv: Ajv2020): ReturnType<typeof definitionCheck> {
  const check = shapeChecks.get(ajv) ?? definitionCheck(ajv);
  shapeChecks.set(ajv, check);
  return check;
}

function fromSchema(schema: SchemaFile, { ajv, findings, resolve }: Reading): Definition[] {
  checkSchema(schema, ajv, findings);
  return convertSchema(schema, { findings, resolve });
}

function warnOfMissingLinks(definitions: ReadonlyMap<string, Definition>, findings: Findings): void {
  for (const definition of definitions.values()) {
    for (const field of objects(definition.raw['fields'])) {
      const target = text(field['options']);
      if (field['fieldtype'] !== 'Link' || definitions.has(target)) continue;
      findings.warn(
        definition.file,
        `${text(field['fieldname'])} links to ${JSON.stringify(target)}, which is not loaded`,
      );
    }
  }
}

/** A user's controller replaces the one beside the shipped file, as the DocType does. */
async function controllersOf(files: readonly ReadFile[], findings: Findings): Promise<Map<string, string>> {
  const controllers = new Map<string, string>();
  for (const { file, names } of files) {
    const module = await controllerBeside(file, names, findings);
    const [name] = names;
    if (module !== undefined && name !== undefined) controllers.set(name, module);
  }
  return controllers;
}
