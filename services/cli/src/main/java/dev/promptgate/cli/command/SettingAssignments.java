package dev.promptgate.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes KEY=VALUE, each key once: which of two was meant cannot be told. The value is never shown, since it may be a secret. */
final class SettingAssignments implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
        String assignment = arguments.isEmpty() ? "" : arguments.pop();
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw new ParameterException(command.commandLine(), "--set takes KEY=VALUE; put an equals sign between setting and value");
        }
        Map<String, String> assigned = new LinkedHashMap<>(option.<Map<String, String>>getValue());
        String key = assignment.substring(0, equals);
        if (assigned.putIfAbsent(key, assignment.substring(equals + 1)) != null) {
            throw new ParameterException(command.commandLine(), "A setting stands twice; leave one [setting: %s]".formatted(key));
        }
        option.setValue(assigned);
    }
}
