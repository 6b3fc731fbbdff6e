import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type DocumentNode, GraphQLError, Kind, parse, print, separateOperations } from 'graphql';
import { Refused, type Surroundings } from './carry-out.js';

/** Writes the file of known operations that the setting SAFELIST_FILE names. */
export function addSafelistCommand(program: Command, surroundings: Surroundings): void {
  program
    .command('safelist')
    .description('print the file of known operations that SAFELIST_FILE wants, made from .graphql files')
    .argument('<files...>', 'files of named operations and the fragments that they use')
    .action(async (files: string[]) => {
      const parts: DocumentNode[] = [];
      for (const file of files) parts.push(await documentOf(file, surroundings));
      const document = {
        kind: Kind.DOCUMENT,
        definitions: parts.flatMap(({ definitions }) => definitions),
      } as const;
      const problem = problemOf(document);
      if (problem !== undefined) return refuse(problem, surroundings);
      const operations = Object.entries(separateOperations(document)).map(([name, one]) => [
        name,
        print(one),
      ]);
      surroundings.print(`${JSON.stringify(Object.fromEntries(operations), null, 2)}\n`);
    });
}

async function documentOf(file: string, surroundings: Surroundings): Promise<DocumentNode> {
  try {
    return parse(await readFile(file, 'utf8'), { noLocation: true });
  } catch (error) {
    return refuse(
      `${file}: ${error instanceof GraphQLError ? error.message : 'cannot be read'}`,
      surroundings,
    );
  }
}

/** What keeps the file from being a list of operations, each under a name of its own. */
function problemOf({ definitions }: DocumentNode): string | undefined {
  const names = definitions.map((definition) => {
    const isKnown =
      definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;
    return isKnown ? { kind: definition.kind, name: definition.name?.value } : undefined;
  });
  if (names.includes(undefined)) return 'Only operations and fragments may stand in the files';
  if (names.some((named) => named?.name === undefined)) return 'Every operation needs a name';
  const keys = names.map((named) => `${named?.kind} ${named?.name}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice) return `Two definitions have one name: ${twice.split(' ')[1]}`;
  if (!definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    return 'The files hold no operation';
  return undefined;
}

function refuse(problem: string, { complain }: Surroundings): never {
  complain(`Refused: ${problem}\n`);
  throw new Refused(problem);
}
