// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import java.util.StringJoiner;
import org.vblade4j.text.Printable;

/** Rows as JSON, one line each; the library's renderer, but with keys in the order given. */
public final class Json {
    private static final ConfigParseOptions JSON =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

    private Json() {}

    /** Keys in the order of the map. */
    public static String render(Map<?, ?> row) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        row.forEach((key, value) -> members.add(quote(key.toString()) + ":" + value(value)));
        return Printable.text(members.toString());
    }

    static String quote(String text) {
        return Printable.text(ConfigUtil.quoteString(text));
    }

    static Map<String, Object> parse(String line) {
        return ConfigFactory.parseString(line, JSON).root().unwrapped();
    }

    private static String value(Object value) {
        return value instanceof Map<?, ?> map
                ? render(map)
                : ConfigValueFactory.fromAnyRef(value).render(ConfigRenderOptions.concise());
    }
}
