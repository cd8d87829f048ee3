// Which DocType a `$ref` to another file means: by title, by file name, or by `$id`. Pure.
import path from 'node:path';
import type { FileContents } from '../dialect.ts';
import { text } from '../properties.ts';
import type { ResolveRef } from './convert.ts';
import { decoded } from './resolve.ts';

export function createResolver(contents: readonly FileContents[]): ResolveRef {
  const entries = contents.flatMap(({ definitions, schemas }) => [
    ...definitions.map(({ name, file }) => ({ name, file: path.resolve(file), id: '' })),
    ...schemas.map(({ title, file, schema }) => ({
      name: title,
      file: path.resolve(file),
      id: text(schema['$id']),
    })),
  ]);
  const names = new Set(entries.map(({ name }) => name));
  const byFile = new Map(entries.map(({ file, name }) => [file, name]));
  const byId = new Map(entries.filter(({ id }) => id !== '').map(({ id, name }) => [id, name]));
  const byBase = new Map<string, string | undefined>();
  for (const { file, name } of entries) {
    // Two files of one base name: the reference has to say which folder it means.
    byBase.set(baseOf(file), byBase.has(baseOf(file)) ? undefined : name);
  }

  return (ref, fromFile) => {
    const target = decoded(ref).replace(/#$/, '');
    if (names.has(target)) return target;
    const beside = path.resolve(path.dirname(fromFile), target);
    const found = byFile.get(beside) ?? byFile.get(`${beside}.json`) ?? byId.get(target);
    return found ?? byBase.get(baseOf(target));
  };
}

const baseOf = (file: string): string =>
  path.posix.basename(file.replaceAll('\\', '/')).replace(/(?:\.schema)?(?:\.json)?$/, '');
