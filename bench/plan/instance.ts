import { z } from 'zod';

/** What is wrong with an instance, naming the field. */
export class FaultyInstance extends Error {}

const minute = z.number();
const amount = z.number().nonnegative();
const distance = amount;

const required = z.object({ service: z.string(), duration: amount });

const patient = z.object({
  id: z.string(),
  time_window: z.tuple([minute, minute]).refine(([from, to]) => from <= to, 'ends before it begins'),
  required_caregivers: z.array(required).min(1, 'names no service').max(2, 'names more than two services'),
  synchronization: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('simultaneous') }),
      z.object({
        type: z.literal('sequential'),
        distance: z.tuple([amount, amount]).refine(([min, max]) => min <= max, 'ends before it begins'),
      }),
    ])
    .optional(),
});

const format = z.object({
  patients: z.array(patient),
  services: z.array(z.object({ id: z.string() })),
  caregivers: z
    .array(z.object({ id: z.string(), abilities: z.array(z.string()) }))
    .min(1, 'there is no caregiver'),
  distances: z.array(z.array(distance)),
});

/** One of the public instances of home health care routing and scheduling, in the form in which they are published. */
export type Instance = z.infer<typeof format>;

/** Reads the text of an instance. The first fault is thrown as one line that names the field. */
export function readInstance(text: string): Instance {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FaultyInstance('the file is no JSON');
  }
  const read = format.safeParse(json, { reportInput: false });
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new FaultyInstance(`${fieldOf(issue?.path ?? [])}: ${issue?.message}`);
  }
  const fault = firstFault(read.data);
  if (fault) throw new FaultyInstance(`${fieldOf(fault.path)}: ${fault.message}`);
  return read.data;
}

type Path = readonly PropertyKey[];

function fieldOf(path: Path): string {
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return steps.join('').replace(/^\./, '') || 'the file';
}

interface Fault {
  path: Path;
  message: string;
}

function firstFault(instance: Instance): Fault | undefined {
  return [
    ...sizeFaults(instance),
    ...twice(instance.patients, 'patients'),
    ...twice(instance.caregivers, 'caregivers'),
    ...serviceFaults(instance),
    ...instance.patients.flatMap((_, index) => patientFaults(instance, index)),
  ][0];
}

function sizeFaults({ distances, patients }: Instance): Fault[] {
  const size = patients.length + 1;
  const message = `one entry is wanted for the office and each patient, ${size} in all`;
  const short = distances.flatMap((row, i) =>
    row.length === size ? [] : [{ path: ['distances', i], message: `${row.length} entries: ${message}` }],
  );
  if (distances.length === size) return short;
  return [{ path: ['distances'], message: `${distances.length} rows: ${message}` }];
}

function twice(items: readonly { id: string }[], list: string): Fault[] {
  return items.flatMap(({ id }, i) =>
    items.findIndex((item) => item.id === id) === i
      ? []
      : [{ path: [list, i, 'id'], message: `${id} is there twice` }],
  );
}

function serviceFaults({ services, caregivers }: Instance): Fault[] {
  const known = new Set(services.map(({ id }) => id));
  return caregivers.flatMap(({ abilities }, i) =>
    abilities.flatMap((service, j) =>
      known.has(service)
        ? []
        : [{ path: ['caregivers', i, 'abilities', j], message: `${service} is no service of the file` }],
    ),
  );
}

function patientFaults({ patients, services, caregivers }: Instance, index: number): Fault[] {
  const { required_caregivers: parts, synchronization } = patients[index] ?? { required_caregivers: [] };
  const path = ['patients', index];
  const faults = parts.flatMap(({ service }, k) => {
    const at = [...path, 'required_caregivers', k, 'service'];
    if (!services.some(({ id }) => id === service)) {
      return [{ path: at, message: `${service} is no service of the file` }];
    }
    const able = caregivers.some(({ abilities }) => abilities.includes(service));
    return able ? [] : [{ path: at, message: `no caregiver is able to give ${service}` }];
  });
  if (parts.length < 2) return faults;
  if (!synchronization) faults.push({ path: [...path, 'synchronization'], message: 'two services need one' });
  const able = caregivers.filter(({ abilities }) => parts.some(({ service }) => abilities.includes(service)));
  if (able.length < 2) {
    const message = 'its two services need two different caregivers, and there is one';
    faults.push({ path: [...path, 'required_caregivers'], message });
  }
  return faults;
}
