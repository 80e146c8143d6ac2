import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type INodeType, NodeHelpers } from 'n8n-workflow';
import { EmailTrigger } from '../nodes/EmailTrigger/EmailTrigger.node';
import { Mailbox } from '../nodes/Mailbox/Mailbox.node';
import { SendEmail } from '../nodes/SendEmail/SendEmail.node';
import {
	type ExampleNode,
	EXAMPLES,
	exampleNames,
	exampleSource,
	outputsOf,
	PACKAGE,
	readExample,
	triggerOf,
} from './support/example';

const names = exampleNames();
const own: Readonly<Record<string, INodeType>> = {
	emailTrigger: new EmailTrigger(),
	mailbox: new Mailbox(),
	sendEmail: new SendEmail(),
};
/** Nodes of n8n's base that ask nothing of anybody outside. */
const allowed = ['if', 'noOp', 'set', 'splitOut', 'stickyNote'].map(
	(name) => `n8n-nodes-base.${name}`,
);

/** n8n draws nodes of 96 x 96, each further output makes one 32 higher; below it stand its name and what it does. */
const NODE = 96;
const LABEL = 64;
const GRID = 16;

const NOTE = 'n8n-nodes-base.stickyNote';

/** Where a node lies on the canvas, with its label. */
function toBox({ type, position: [left, top], parameters }: ExampleNode, outputs: number) {
	if (type === NOTE) {
		const { width, height } = parameters;
		return { left, top, right: left + Number(width), bottom: top + Number(height) };
	}
	const height = NODE + Math.max(0, outputs - 2) * 32 + LABEL;
	return { left, top, right: left + NODE, bottom: top + height };
}

type Box = ReturnType<typeof toBox>;

const overlap = (a: Box, b: Box): boolean =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe('The examples', () => {
	test('are at least ten, and each is in their table and in the recipes', () => {
		expect(names.length).toBeGreaterThanOrEqual(10);
		const table = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
		const recipes = readFileSync(join(EXAMPLES, '../docs/routing.md'), 'utf8');
		for (const name of names) {
			expect(table).toContain(`](${name}.json)`);
			expect(recipes).toContain(`](../examples/${name}.json)`);
		}
	});

	test.each(names)('%s is written as n8n downloads it', (name) => {
		const source = exampleSource(name);
		expect(source).toBe(`${JSON.stringify(JSON.parse(source), null, 2)}\n`);
		const { nodes } = readExample(name);
		for (const { type, parameters, name: nodeName } of nodes) {
			const node = own[type.slice(PACKAGE.length)];
			if (!type.startsWith(PACKAGE) || node === undefined) {
				expect(allowed).toContain(type);
				continue;
			}
			const { properties } = node.description;
			const saved = NodeHelpers.getNodeParameters(
				properties,
				parameters,
				false,
				false,
				null,
				node.description,
			);
			expect({ nodeName, parameters: saved }).toEqual({ nodeName, parameters });
		}
	});

	test.each(names)('%s says what it does and what to fill in', (name) => {
		const example = readExample(name);
		const [note, ...others] = example.nodes.filter(({ type }) => type === NOTE);
		expect(others).toEqual([]);
		const lines = String(note?.parameters['content']).split(/\n+/);
		expect(lines[0]).toBe(`## ${example.name}`);
		expect(lines.length).toBeGreaterThanOrEqual(3);
		expect(lines.length).toBeLessThanOrEqual(6);
		expect(lines.filter((line) => line.startsWith('**Fill in:** '))).toHaveLength(1);
	});

	test.each(names)('%s lies tidily on the canvas, and leads every output somewhere', (name) => {
		const example = readExample(name);
		const { nodes, connections } = example;
		const known = nodes.map((node) => node.name);
		expect(new Set(known).size).toBe(known.length);
		const boxes = nodes.map((node) => {
			expect(node.position.map((place) => Math.abs(place % GRID))).toEqual([0, 0]);
			return toBox(node, connections[node.name]?.main.length ?? 1);
		});
		boxes.forEach((box, index) => {
			expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
		});
		for (const { main } of Object.values(connections)) {
			for (const target of main.flat()) expect(known).toContain(target.node);
		}
		const outputs = connections[triggerOf(example).name]?.main ?? [];
		expect(outputs.map((targets) => targets.length > 0)).toEqual(
			outputsOf(example).map(() => true),
		);
	});
});
