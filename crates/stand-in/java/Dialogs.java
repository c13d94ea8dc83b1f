package ibgateway;

import java.awt.FlowLayout;
import javax.swing.JButton;
import javax.swing.JDialog;

/** Small dialogs with buttons. */
final class Dialogs {
    private Dialogs() {}

    static void button(JDialog dialog, String text, Runnable pressed) {
        JButton button = new JButton(text);
        button.addActionListener(event -> pressed.run());
        dialog.add(button);
    }

    static void show(JDialog dialog) {
        dialog.pack();
        dialog.setVisible(true);
    }

    static JDialog make(String title) {
        JDialog dialog = new JDialog(MainWindow.instance(), title);
        dialog.setLayout(new FlowLayout());
        return dialog;
    }
}
