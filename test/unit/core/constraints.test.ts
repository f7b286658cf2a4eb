import assert from 'node:assert/strict';
import { constraintTable } from '../../../src/core/constraints.generated.ts';
import { type ConstraintTable, checkConstraints, describeViolations } from '../../../src/core/constraints.ts';

const table: ConstraintTable = {
  operations: { MakeTea: 'MakeTeaRequest' },
  shapes: {
    MakeTeaRequest: {
      type: 'structure',
      required: ['TeaName'],
      members: {
        TeaName: 'Name',
        Kind: 'Kind',
        Cups: 'Cups',
        Guests: 'Guests',
        Notes: 'Notes',
        Hot: 'boolean',
      },
    },
    Name: { type: 'string', pattern: '[a-z]+', min: 2, max: 5 },
    Kind: { type: 'string', enum: ['green', 'black'] },
    Cups: { type: 'integer', min: 1, max: 4 },
    Guests: { type: 'list', item: 'Guest', min: 1, max: 2 },
    Guest: { type: 'structure', required: ['Name'], members: { Name: 'Name' } },
    Notes: { type: 'map', key: 'Name', value: 'Name', max: 1 },
  },
};

function verdict(request: Record<string, unknown>): string {
  const violations = checkConstraints(table, 'MakeTea', request);
  return violations.length === 0 ? 'accepted' : describeViolations(violations);
}

function only(request: Record<string, unknown>): string {
  return verdict({ TeaName: 'sencha'.slice(0, 5), ...request }).replace('1 validation error detected: ', '');
}

describe('checkConstraints', () => {
  it('accepts what satisfies every shape, and members that it does not know', () => {
    const request = {
      TeaName: 'assam',
      Kind: 'black',
      Cups: 4,
      Guests: [{ Name: 'ann' }],
      Notes: { ann: 'sugar' },
    };
    assert.equal(verdict({ ...request, Hot: true, Biscuits: 3 }), 'accepted');
  });

  it('takes a null member for an absent one', () => {
    assert.equal(verdict({ TeaName: 'assam', Kind: null }), 'accepted');
    assert.equal(
      verdict({ TeaName: null }),
      "1 validation error detected: Value null at 'teaName' failed to satisfy constraint: Member must not be null",
    );
  });

  it('names members by lower-case paths, and items of lists by number', () => {
    assert.equal(
      only({ Guests: [{ Name: 'bo' }, { Name: 'x' }] }),
      "Value 'x' at 'guests.2.member.name' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 2',
    );
  });

  it('counts characters and not UTF-16 units', () => {
    assert.match(
      only({ TeaName: '🍵🍵🍵🍵🍵' }),
      /^Value '🍵+' at 'teaName' failed to satisfy constraint: Member must satisfy reg/u,
    );
  });

  it('matches patterns against the whole value, and reports each broken constraint of a value', () => {
    assert.equal(
      verdict({ TeaName: 'Assams' }),
      "2 validation errors detected: Value 'Assams' at 'teaName' failed to satisfy constraint: " +
        "Member must have length less than or equal to 5; Value 'Assams' at 'teaName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-z]+',
    );
  });

  it('lists the values of an enumeration', () => {
    assert.equal(
      only({ Kind: 'red' }),
      "Value 'red' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [green, black]",
    );
  });

  it('bounds numbers, and lengths of lists and maps', () => {
    assert.match(
      only({ Cups: 0 }),
      /Value '0' at 'cups' .* Member must have value greater than or equal to 1$/,
    );
    assert.match(only({ Cups: 5 }), /Value '5' at 'cups' .* Member must have value less than or equal to 4$/);
    assert.match(only({ Guests: [] }), /Value '\[\]' at 'guests' .* greater than or equal to 1$/);
    assert.match(only({ Notes: { ab: 'cd', ef: 'gh' } }), /at 'notes' .* length less than or equal to 1$/);
  });

  it('names the map, not the entry, when a key or a value is not as it must be', () => {
    assert.equal(
      only({ Notes: { ann: '7' } }),
      `Value '{"ann":"7"}' at 'notes' failed to satisfy constraint: Map value must satisfy constraint: ` +
        '[Member must have length less than or equal to 5, Member must have length greater than or equal to 2, ' +
        'Member must satisfy regular expression pattern: [a-z]+]',
    );
    assert.match(
      only({ Notes: { '7': 'ann' } }),
      /at 'notes' failed to satisfy constraint: Map keys must satisfy/,
    );
  });

  it('reports a value of another type in the words of a SerializationException', () => {
    assert.equal(only({ TeaName: 7 }), 'NUMBER_VALUE can not be converted to a String');
    assert.equal(only({ Cups: '3' }), 'STRING_VALUE can not be converted to an Integer');
    assert.equal(only({ Cups: 1.5 }), 'DECIMAL_VALUE can not be converted to an Integer');
    assert.equal(only({ Guests: {} }), 'START_OBJECT can not be converted to a List');
    assert.equal(only({ Notes: { ann: 7 } }), 'NUMBER_VALUE can not be converted to a String');
    assert.equal(only({ Hot: 'yes' }), 'STRING_VALUE can not be converted to a Boolean');
  });

  it('knows every operation and shape that the table of the service refers to', () => {
    const jsonTypes = new Set([
      'string',
      'integer',
      'long',
      'boolean',
      'timestamp',
      'structure',
      'list',
      'map',
    ]);
    const known = (name: string): boolean => name in constraintTable.shapes || jsonTypes.has(name);
    const references = Object.values(constraintTable.shapes).flatMap((shape) => {
      if (shape.type === 'structure') return Object.values(shape.members);
      if (shape.type === 'list') return [shape.item];
      return shape.type === 'map' ? [shape.key, shape.value] : [];
    });
    assert.deepEqual(
      [...Object.values(constraintTable.operations), ...references].filter((name) => !known(name)),
      [],
    );
  });

  it('has only patterns that JavaScript understands', () => {
    for (const [name, shape] of Object.entries(constraintTable.shapes)) {
      if (shape.type !== 'string') continue;
      const one: ConstraintTable = {
        operations: { Try: 'Request' },
        shapes: { Request: { type: 'structure', members: { [name]: name } }, [name]: shape },
      };
      assert.doesNotThrow(() => checkConstraints(one, 'Try', { [name]: 'x' }), name);
    }
  });
});
