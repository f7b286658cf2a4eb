import assert from 'node:assert/strict';
import fc from 'fast-check';
import { childText, element, escapeXml, parseXml, textElements } from '../../../src/backend/xml.ts';

describe('parseXml', () => {
  it('reads elements, text and entities, and passes over attributes and the prolog', () => {
    const root = parseXml(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n' +
        "  <Object a='1'><Key>a&amp;b &lt;&#x26;&#38;&gt; &quot;&apos; &#x1F600;</Key></Object>\n" +
        '  <Quiet/>\n</Delete>',
    );
    assert.equal(root?.name, 'Delete');
    assert.deepEqual(
      root?.children.map(({ name }) => name),
      ['Object', 'Quiet'],
    );
    assert.equal(childText(root.children[0]!, 'Key'), `a&b <&&> "' 😀`);
    assert.equal(childText(root, 'Quiet'), '');
    assert.equal(childText(root, 'Other'), undefined);
  });

  it('refuses everything else', () => {
    const documents = [
      '',
      'text',
      '<a>',
      '</a>',
      '<a></b>',
      '<a></a><b></b>',
      '<a></a>text',
      '<a><b></a></b>',
      '<a>&unknown;</a>',
      '<a>&toString;</a>',
      '<a>fish & chips</a>',
      '<a>&#x110000;</a>',
      '<a b=c></a>',
      '<a b="<"></a>',
      '<!DOCTYPE a><a/>',
      '<a><![CDATA[text]]></a>',
      '<a><!-- remark --></a>',
      '<a><?php ?></a>',
      '<a></a/>',
      '<x>'.repeat(30) + '</x>'.repeat(30),
    ];
    for (const document of documents) assert.equal(parseXml(document), undefined, document);
  });

  it('reads back every text that was escaped', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(parseXml(element('t', escapeXml(text)))?.text, text);
    });
    fc.assert(property, { seed: 1 });
  });
});

describe('textElements', () => {
  it('escapes values and leaves out what is undefined', () => {
    assert.equal(
      textElements({ Key: 'a<b>&"\r', Size: 3, IsTruncated: false, Marker: undefined }),
      '<Key>a&lt;b&gt;&amp;&quot;&#xd;</Key><Size>3</Size><IsTruncated>false</IsTruncated>',
    );
  });
});
